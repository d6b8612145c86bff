/** What those who run the server ask of it: backups, whether the data is whole, and room on the disk. */
@NullMarked
package com.akidb.http.admin;

import org.jspecify.annotations.NullMarked;
