package io.thirdsession.bench.micro;

import io.thirdsession.bench.report.StepCost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Lets JMH measure each of {@link Steps} in a JVM of its own. */
public final class Micro {
  private static final int ITERATIONS = 5;
  private static final String GARBAGE = "gc.alloc.rate.norm";

  private Micro() {}

  /** Returns what each step costs, measured for this time each. */
  public static List<StepCost> run(Duration time) throws RunnerException {
    TimeValue iteration = TimeValue.milliseconds(time.toMillis() / ITERATIONS);
    List<StepCost> costs = new ArrayList<>();
    for (RunResult result :
        new Runner(
                new OptionsBuilder()
                    .include(Steps.class.getName())
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.MICROSECONDS)
                    .forks(1)
                    .warmupIterations(ITERATIONS)
                    .warmupTime(iteration)
                    .measurementIterations(ITERATIONS)
                    .measurementTime(iteration)
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run()) {
      Result<?> average = result.getPrimaryResult();
      Result<?> garbage = result.getSecondaryResults().get(GARBAGE);
      costs.add(
          new StepCost(
              average.getLabel(),
              average.getScore(),
              average.getScoreError(),
              garbage == null ? 0 : garbage.getScore()));
    }
    return costs;
  }
}
