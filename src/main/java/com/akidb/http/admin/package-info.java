/** What those who run the server ask of it: backups. */
@NullMarked
package com.akidb.http.admin;

import org.jspecify.annotations.NullMarked;
