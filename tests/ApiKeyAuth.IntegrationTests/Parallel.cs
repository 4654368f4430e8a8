// Most of a run is waiting: for leases, servers and processes. Four fixtures on two cores still leave time to each. Fixtures start in the
// order of their names, those of a sample when the sample has started: long ones have an order, so that none is alone at the end.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
