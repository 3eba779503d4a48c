package io.thirdsession.miniprogram;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.LambdaFunction;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * A phone with WeChat on it, without Node: JavaScript on one thread of its own, and the {@code wx}
 * that all tests share, over real HTTP to the server and the simulator. What scripts find there is
 * in {@code phone.js}.
 */
public final class Phone implements AutoCloseable {
  private static final Path GLOBALS = Path.of("src/test/resources/miniprogram/phone.js");
  private static final Object ENGINE = new Object(); // it has one list of rejected promises for all
  private static final long MAX_SCRIPT_SECONDS = 60; // only against a test that hangs

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "phone");
            thread.setDaemon(true);
            return thread;
          });
  private final PhoneHttp http = new PhoneHttp();
  private final Map<Integer, Future<?>> timers = new ConcurrentHashMap<>();
  private final Map<String, Object> modules = new HashMap<>();
  private final List<String> uncaught = new CopyOnWriteArrayList<>();
  private final ScriptableObject globals;
  private int timersMade;

  private Phone(JsonObject settings) {
    this.globals =
        onThread(
            context -> {
              ScriptableObject made = context.initSafeStandardObjects();
              define(made, settings.toString());
              return made;
            });
    onThread(context -> context.evaluateString(globals, read(GLOBALS), "phone.js", 1, null));
  }

  /** Switches on the phone of this user of the simulator, for a mini program on this server. */
  public static Phone start(URI server, URI simulator, String appId, String openId) {
    JsonObject settings = new JsonObject();
    settings.addProperty("server", bare(server));
    settings.addProperty("simulator", bare(simulator));
    settings.addProperty("appId", appId);
    settings.addProperty("openId", openId);
    return new Phone(settings);
  }

  /** Puts a temporary file on the phone. */
  void file(String path, String name, String type, byte[] bytes) {
    http.file(path, bytes);
    JsonObject file = new JsonObject();
    file.addProperty("name", name);
    file.addProperty("type", type);
    run("host.files['" + path + "'] = " + file);
  }

  /**
   * Runs an expression, to its end if it is a promise, and returns its value.
   *
   * @throws Rejected if the promise was rejected, or the expression threw
   */
  public JsonElement run(String expression) {
    CompletableFuture<JsonElement> end = new CompletableFuture<>();
    onThread(
        context -> {
          globals.put(
              "done",
              globals,
              function(
                  globals,
                  args -> {
                    JsonElement told = JsonParser.parseString(args[1].toString());
                    if (Boolean.TRUE.equals(args[0])) {
                      end.complete(told);
                    } else {
                      end.completeExceptionally(new Rejected(told.getAsJsonObject()));
                    }
                    return Undefined.instance;
                  }));
          String script = "finish(function () { return (" + expression + ") }, done)";
          return context.evaluateString(globals, script, "test", 1, null);
        });
    return await(end);
  }

  /** Returns what was thrown where nothing could catch it, and promises that nobody minded. */
  public List<String> uncaught() {
    return uncaught;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void define(ScriptableObject scope, String settings) {
    scope.put("settings", scope, settings);
    scope.put(
        "load",
        scope,
        function(scope, args -> modules.computeIfAbsent(args[0].toString(), this::exportsOf)));
    scope.put(
        "setTimeout", scope, function(scope, args -> setTimeout((Scriptable) args[0], args[1])));
    scope.put(
        "clearTimeout",
        scope,
        function(
            scope,
            args -> {
              Future<?> timer = timers.remove(((Number) args[0]).intValue());
              if (timer != null) {
                timer.cancel(false);
              }
              return Undefined.instance;
            }));
    ScriptableObject java = new JavaSide();
    java.setParentScope(scope);
    java.put("send", java, function(scope, args -> send(args[0].toString(), (Scriptable) args[1])));
    scope.put("java", scope, java);
  }

  /** A CommonJS module that requires no other. */
  private Object exportsOf(String path) {
    Context context = Context.getCurrentContext();
    String source =
        "(function () { var module = {exports: {}}; (function (module, exports) {"
            + read(Path.of(path))
            + "\n})(module, module.exports); return module.exports })()";
    return context.evaluateString(globals, source, path, 1, null);
  }

  private Object setTimeout(Scriptable callback, Object milliseconds) {
    int id = ++timersMade;
    long delay = Math.round(Context.toNumber(milliseconds));
    timers.put(
        id,
        thread.schedule(
            () -> {
              timers.remove(id);
              call(callback);
            },
            delay,
            TimeUnit.MILLISECONDS));
    return id;
  }

  private Object send(String message, Scriptable done) {
    Consumer<Object[]> response = args -> later(() -> call(done, args));
    Runnable breakOff =
        http.send(
            JsonParser.parseString(message).getAsJsonObject(),
            reply -> response.accept(new Object[] {null, reply.toString()}),
            failure -> response.accept(new Object[] {failure}));
    return function(
        globals,
        args -> {
          breakOff.run();
          return Undefined.instance;
        });
  }

  private void later(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      // the phone was switched off
    }
  }

  private void call(Scriptable function, Object... args) {
    enter(
        context ->
            ((org.mozilla.javascript.Function) function).call(context, globals, globals, args));
  }

  private <T> T onThread(Function<Context, T> work) {
    CompletableFuture<T> end = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            end.complete(enter(work));
          } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
          }
        });
    return await(end);
  }

  /** One turn of the event loop. */
  private <T> T enter(Function<Context, T> work) {
    synchronized (ENGINE) {
      try (Context context = Context.enter()) {
        context.setLanguageVersion(Context.VERSION_ES6);
        context.setInterpretedMode(true);
        context.setTrackUnhandledPromiseRejections(true);
        try {
          T result = work.apply(context);
          context.processMicrotasks();
          return result;
        } catch (RhinoException e) {
          uncaught.add(e.getMessage());
          throw e;
        } finally {
          context
              .getUnhandledPromiseTracker()
              .process(reason -> uncaught.add("nobody minded: " + Context.toString(reason)));
        }
      }
    }
  }

  private static Object function(Scriptable scope, Function<Object[], Object> body) {
    return new LambdaFunction(
        scope, "", 0, (context, callScope, thisObject, args) -> body.apply(args));
  }

  private static <T> T await(CompletableFuture<T> end) {
    try {
      return end.get(MAX_SCRIPT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Rejected rejected) {
        throw rejected;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the script does not end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String bare(URI address) {
    return address.toString().replaceAll("/$", "");
  }

  /** What Java does for scripts. */
  private static final class JavaSide extends ScriptableObject {
    @Override
    public String getClassName() {
      return "Java";
    }
  }

  /** A promise was rejected, or a script threw. It prints as its code: the rest may be secret. */
  public static final class Rejected extends RuntimeException {
    private final JsonObject error;

    Rejected(JsonObject error) {
      super(error.has("code") ? error.get("code").toString() : error.get("message").toString());
      this.error = error;
    }

    /** Returns what the mini program can read of the error. */
    public JsonObject error() {
      return error;
    }

    /** Returns the library's code. */
    public String code() {
      return error.has("code") ? error.get("code").getAsString() : "";
    }
  }
}
