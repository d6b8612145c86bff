/** Lists of vectors around the centres of clusters, of which a search looks only into the nearest ones. */
@NullMarked
package com.akidb.engine.embedded.index.lists;

import org.jspecify.annotations.NullMarked;
