import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;

/**
 * Runs a Python script in GraalPy contexts of this JVM, as the server does.
 *
 * <pre>java ... Harness.java PYTHON_PATH SCRIPT one|contexts|threads COUNT [ARGUMENT...]</pre>
 *
 * {@code one} runs it once; {@code contexts} in COUNT isolated contexts at a time, each on its own
 * thread; {@code threads} in one context that COUNT threads enter. The script finds its arguments in
 * {@code sys.argv}, and the number of its run in the last of them.
 */
public final class Harness {
  public static void main(String[] args) throws Exception {
    var path = args[0];
    var script = Path.of(args[1]);
    var mode = args[2];
    var count = Integer.parseInt(args[3]);
    var arguments = new String[args.length - 3];
    arguments[0] = script.toString();
    System.arraycopy(args, 4, arguments, 1, args.length - 4);
    var tasks = new ArrayList<Callable<Void>>();
    if (mode.equals("threads")) {
      try (var context = context(path, arguments, false)) {
        context.initialize("python");
        for (int i = 0; i < count; i++) {
          tasks.add(task(context, script, i));
        }
        runAll(tasks);
      }
    } else {
      var isolated = mode.equals("contexts");
      for (int i = 0; i < count; i++) {
        var number = i;
        tasks.add(
            () -> {
              try (var context = context(path, arguments, isolated)) {
                return task(context, script, number).call();
              }
            });
      }
      runAll(tasks);
    }
  }

  /**
   * A context with an engine of its own: contexts of one engine share syntax trees, which GraalPy fills without
   * care for other threads.
   */
  private static Context context(String path, String[] arguments, boolean isolated) {
    return Context.newBuilder("python")
        .option("engine.WarnInterpreterOnly", "false")
        .allowAllAccess(true)
        .arguments("python", arguments)
        .option("python.PythonPath", path)
        .option("python.IsolateNativeModules", Boolean.toString(isolated))
        .option("python.WarnExperimentalFeatures", "false")
        .build();
  }

  private static Callable<Void> task(Context context, Path script, int number) {
    return () -> {
      var text = "import sys\n" + "def __run__(number):\n"
          + "    space = {'__name__': '__main__', '__file__': '" + script + "', 'RUN': number}\n"
          + "    with open('" + script + "') as file:\n"
          + "        exec(compile(file.read(), '" + script + "', 'exec'), space)\n" + "__run__";
      context.eval(Source.newBuilder("python", text, "harness").build()).execute(number);
      return null;
    };
  }

  private static void runAll(List<Callable<Void>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }
}
