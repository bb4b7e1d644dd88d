/// Knows when the parts of the service that must be there before the first request are there.
final class Readiness: Sendable {
    private let parts: Int
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    /// Waits for a number of parts.
    init(parts: Int) {
        self.parts = parts
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    /// One part is there.
    func arrive() { arrival.yield() }

    /// Returns when all are there, or the task is cancelled; whether they are. One task waits.
    func wait() async -> Bool {
        var left = parts
        var iterator = arrivals.makeAsyncIterator()
        while left > 0, await iterator.next() != nil { left -= 1 }
        return left == 0
    }
}
