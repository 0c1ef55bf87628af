package server

// QuiesceWithin is quiesce with a limit of a test.
var QuiesceWithin = quiesceWithin
