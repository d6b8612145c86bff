/** Breaks every rule on purpose, to prove that the tests of the architecture can fail. */
package wrongrooms;
