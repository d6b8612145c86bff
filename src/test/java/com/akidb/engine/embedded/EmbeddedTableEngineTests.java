package com.akidb.engine.embedded;

import com.akidb.engine.TableEngine;
import com.akidb.engine.TableEngineContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTableEngineTests extends TableEngineContract {

    @TempDir
    Path directory;

    @Override
    protected TableEngine open() {
        return Engines.open(directory);
    }
}
