package com.akidb.embedding.mlx;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One Python that all workers enter, whatever their models. It is started with the first worker. One that cannot be used
 * any more is left to those who still work in it, and the next worker starts another, where the platform allows that.
 */
final class SharedContext implements PythonSource {

    private final Function<Boolean, PythonInterpreter> interpreters;
    private final boolean replaceable;
    private final Object lock = new Object();
    private @Nullable Generation current;

    /**
     * Makes the source; starts nothing.
     *
     * @param interpreters start a Python, isolated or not
     * @param replaceable whether this platform can have a second Python with native modules in one process
     */
    SharedContext(Function<Boolean, PythonInterpreter> interpreters, boolean replaceable) {
        this.interpreters = interpreters;
        this.replaceable = replaceable;
    }

    @Override
    public PythonModel open(ModelCode model) {
        Generation generation;
        synchronized (lock) {
            if (current == null) {
                current = new Generation();
            }
            generation = current;
            generation.users++;
            generation.threads.add(Thread.currentThread());
        }
        try {
            return new PythonObject(generation.python(), generation.share(model), new Home(generation, model));
        } catch (PolyglotException e) {
            generation.leave(model, null);
            throw PythonInterpreter.failure(e);
        } catch (RuntimeException e) {
            generation.leave(model, null);
            throw e;
        }
    }

    @Override
    public void close() {
        Generation last;
        synchronized (lock) {
            last = current;
            current = null;
        }
        if (last != null) {
            last.endWhenUnused();
            last.awaitEnd();
        }
    }

    private void drop(Generation generation) {
        synchronized (lock) {
            if (replaceable && current == generation) {
                current = null;
            }
        }
        if (replaceable) {
            generation.endWhenUnused();
        }
    }

    /** A model's object and how many workers use it. */
    private static final class Shared {

        private @Nullable Value object;
        private int users;
    }

    /** One Python and the thread that made it and will close it. */
    private final class Generation {

        private final CompletableFuture<PythonInterpreter> started = new CompletableFuture<>();
        private final CountDownLatch unused = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Map<ModelCode, Shared> models = new HashMap<>();
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        private int users;
        private boolean ending;

        Generation() {
            Thread.ofPlatform().name("mlx-python").daemon().start(this::live);
        }

        private void live() {
            try {
                PythonInterpreter python = interpreters.apply(replaceable);
                started.complete(python);
                unused.await();
                python.close();
            } catch (RuntimeException | LinkageError e) {
                started.completeExceptionally(e);
                drop(this);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ended.countDown();
            }
        }

        PythonInterpreter python() {
            try {
                return started.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }

        /** The object, made by the first worker that asks while the others wait. */
        Value share(ModelCode model) {
            Shared shared;
            synchronized (lock) {
                shared = models.computeIfAbsent(model, any -> new Shared());
                shared.users++;
            }
            synchronized (shared) {
                Value object = shared.object;
                if (object == null) {
                    object = model.make(python());
                    shared.object = object;
                }
                return object;
            }
        }

        /** A worker lets go; the last of its model frees the object. */
        void leave(ModelCode model, @Nullable PythonObject object) {
            boolean last = false;
            synchronized (lock) {
                Shared shared = models.get(model);
                if (shared != null && --shared.users == 0) {
                    models.remove(model);
                    last = true;
                }
            }
            if (last && object != null) {
                object.release();
            }
            threads.remove(Thread.currentThread());
            synchronized (lock) {
                users--;
                endIfUnused();
            }
        }

        void endWhenUnused() {
            synchronized (lock) {
                ending = true;
                endIfUnused();
            }
        }

        private void endIfUnused() {
            if (ending && users == 0) {
                unused.countDown();
            }
        }

        void awaitEnd() {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Home implements PythonObject.Home {

        private final Generation generation;
        private final ModelCode model;

        Home(Generation generation, ModelCode model) {
            this.generation = generation;
            this.model = model;
        }

        @Override
        public void left(PythonObject object) {
            generation.leave(model, object);
        }

        @Override
        public void abandoned() {
            drop(generation);
        }

        @Override
        public Set<Thread> threads() {
            return generation.threads;
        }
    }
}
