/// What answers requests. Answers are made by plain, blocking code on threads that the server lends; one handler serves many
/// threads at once.
public protocol WebHandler: Sendable {
    /// Which of the server's pools a request belongs to; decided by its method and path alone, before its body is read.
    func lane(method: String, path: String, headers: [HeaderField]) -> Lane

    /// The answer to a request. Never fails: what goes wrong is an answer too.
    func respond(to request: WebRequest) -> WebResponse

    /// The answer to a request that can be given without waiting for anything, on an event loop, so that no thread is changed for it;
    /// nil when only ``respond(to:)`` can tell.
    func respondAtOnce(to request: WebRequest) -> WebResponse?
}

/// Pools of threads. A flood of expensive requests must not keep the others waiting.
public enum Lane: String, CaseIterable, Sendable {
    /// Look-ups and pages: a millisecond or so.
    case light
    /// Hashes a password: as many threads as cores, a bounded queue, 503 with Retry-After beyond it.
    case hashing
}
