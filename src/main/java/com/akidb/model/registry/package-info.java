/** Models from YAML: what is built in, what the user adds, and what is wrong with it. */
@NullMarked
package com.akidb.model.registry;

import org.jspecify.annotations.NullMarked;
