/** Makes smaller forms of ONNX graphs for clients and keeps them in the model cache. */
@NullMarked
package com.akidb.model.variants;

import org.jspecify.annotations.NullMarked;
