// Most of a run is waiting: for leases, servers and processes. Three fixtures on two cores still leave time to each.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
