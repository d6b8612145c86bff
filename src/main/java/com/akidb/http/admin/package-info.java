/** What those who run the server ask of it: backups, and whether the data is whole. */
@NullMarked
package com.akidb.http.admin;

import org.jspecify.annotations.NullMarked;
