import NIOCore
import NIOSSL
import SecurityCore

/// What one client may cost (LIBSECURITY_HTTP_*), and what its connection is secured by.
struct ServerLimits: Sendable {
    let bodyBytes: Int
    let headerBytes: Int
    let idle: TimeAmount
    let request: TimeAmount
    let connections: Int
    /// Requests that wait for a thread of their pool.
    let queue: Int
    /// Nil = the listeners do not speak TLS.
    let tls: NIOSSLContext?

    init(_ settings: Settings) throws(TLSFlaw) {
        bodyBytes = settings.integer("LIBSECURITY_HTTP_BODY_MAX") ?? 65_536
        headerBytes = settings.integer("LIBSECURITY_HTTP_HEADER_MAX") ?? 16_384
        idle = .microseconds(settings.duration("LIBSECURITY_HTTP_IDLE_TIMEOUT") ?? 30_000_000)
        request = .microseconds(settings.duration("LIBSECURITY_HTTP_REQUEST_TIMEOUT") ?? 60_000_000)
        connections = settings.integer("LIBSECURITY_HTTP_CONNECTIONS") ?? 1024
        queue = settings.integer("LIBSECURITY_HTTP_QUEUE") ?? 64
        tls = try TLSFiles.context(
            certificate: settings.text("LIBSECURITY_TLS_CERTIFICATE"), key: settings.text("LIBSECURITY_TLS_KEY"))
    }
}
