/// Threads of one process that write to one database take turns, in the order in which they come. By itself SQLite lets each ask
/// again after pauses that grow to a tenth of a second, and whoever asks at the right moment goes first: under load some wait
/// for seconds.
public protocol WriteTurns: AnyObject {
    /// Waits for the turn; false when it did not come in time.
    func take(milliseconds: Int32) -> Bool

    /// Lets the next one go.
    func giveBack()
}
