// Package sweep runs a program over many values of its parameters: which points there are, and each of them once.
//
// Call [ParseGrid] and its like for the values, [Space.Points] for the points, and [Do], which has an [Executor] run
// what is not done yet. [Means] looks at what came of it.
//
// A [Point] is known by its content: [Point.ID]. An executor is asked what it knows before anything is started, and never
// starts a point again that runs or is done, so that a sweep which was killed goes on where it was. What an executor
// must keep to is in package exectest, as a suite of tests.
package sweep
