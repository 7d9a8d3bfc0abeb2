// There is one network at a time, and what is measured would be disturbed by another test.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
