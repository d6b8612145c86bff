/** What the server says about itself: the description of the API and the page to try it. */
@NullMarked
package com.akidb.http.pages;

import org.jspecify.annotations.NullMarked;
