package com.akidb.engine;

import org.junit.jupiter.api.Nested;

/** The reference engine keeps every contract of engines. */
class ReferenceEngineTests {

    private final ReferenceEngine.Disk disk = new ReferenceEngine.Disk();

    @Nested
    class Definitions extends DefinitionContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Rows extends RowContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Nearest extends NearestContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Updates extends UpdateContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Alterations extends AlterationContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class PinnedColumns extends PinnedColumnsContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Selects extends SelectContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Queries extends QueryContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Cells extends CellContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Indexes extends IndexContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class WritesThatHappenOnce extends OnceContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class NotesBesideRows extends NoteContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class SeveralWrites extends SeveralWritesContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Within extends WithinContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class RowChanges extends ChangesContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Commits extends CommitContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }

    @Nested
    class Capabilities extends CapabilityContract {
        @Override
        protected TableEngine open() {
            return new ReferenceEngine(disk);
        }
    }
}
