package com.akidb.engine.embedded;

import com.akidb.engine.AlterationContract;
import com.akidb.engine.CapabilityContract;
import com.akidb.engine.CellContract;
import com.akidb.engine.ChangesContract;
import com.akidb.engine.CommitContract;
import com.akidb.engine.DefinitionContract;
import com.akidb.engine.IndexContract;
import com.akidb.engine.NearestContract;
import com.akidb.engine.NoteContract;
import com.akidb.engine.OnceContract;
import com.akidb.engine.PinnedColumnsContract;
import com.akidb.engine.QueryContract;
import com.akidb.engine.RowContract;
import com.akidb.engine.SelectContract;
import com.akidb.engine.SeveralWritesContract;
import com.akidb.engine.TableEngine;
import com.akidb.engine.UpdateContract;
import com.akidb.engine.WithinContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The embedded engine keeps every contract of engines. */
class EmbeddedTableEngineTests {

    @TempDir
    Path directory;

    private TableEngine open() {
        return Engines.open(directory);
    }

    @Nested
    class Definitions extends DefinitionContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Rows extends RowContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Nearest extends NearestContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Updates extends UpdateContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Alterations extends AlterationContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class PinnedColumns extends PinnedColumnsContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Selects extends SelectContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Queries extends QueryContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Cells extends CellContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Indexes extends IndexContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class WritesThatHappenOnce extends OnceContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class NotesBesideRows extends NoteContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class SeveralWrites extends SeveralWritesContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Within extends WithinContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class RowChanges extends ChangesContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Commits extends CommitContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }

    @Nested
    class Capabilities extends CapabilityContract {
        @Override
        protected TableEngine open() {
            return EmbeddedTableEngineTests.this.open();
        }
    }
}
