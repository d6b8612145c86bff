package com.akidb.model.hub;

/**
 * What the hub says of a file before its content is fetched.
 *
 * @param file the file at the commit that its revision meant, so that what is fetched next is of the same commit
 * @param checksum how the content is checked
 * @param size bytes of the content; -1 if the hub does not say
 */
record RemoteFile(HubFile file, Checksum checksum, long size) {}
