import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import SecurityCore
import ServiceLifecycle

/// What one client may cost (LIBSECURITY_HTTP_*).
struct ServerLimits: Sendable {
    let bodyBytes: Int
    let headerBytes: Int
    let idle: TimeAmount
    let request: TimeAmount
    let connections: Int
    /// Requests that wait for a thread of their pool.
    let queue: Int
    /// Nil = the listeners do not speak TLS, because neither of its keys is set.
    private let tls: TLSConfiguration?

    /// Throws ``TLSFlaw``: half of a TLS configuration must not become none.
    init(_ settings: Settings) throws {
        bodyBytes = settings.integer("LIBSECURITY_HTTP_BODY_MAX") ?? 65_536
        headerBytes = settings.integer("LIBSECURITY_HTTP_HEADER_MAX") ?? 16_384
        idle = .microseconds(settings.duration("LIBSECURITY_HTTP_IDLE_TIMEOUT") ?? 30_000_000)
        request = .microseconds(settings.duration("LIBSECURITY_HTTP_REQUEST_TIMEOUT") ?? 60_000_000)
        connections = settings.integer("LIBSECURITY_HTTP_CONNECTIONS") ?? 1024
        queue = settings.integer("LIBSECURITY_HTTP_QUEUE") ?? 64
        tls = try ServerLimits.tls(
            certificate: settings.text("LIBSECURITY_TLS_CERTIFICATE"), key: settings.text("LIBSECURITY_TLS_KEY"))
    }

    private static func tls(certificate: String?, key: String?) throws -> TLSConfiguration? {
        switch (certificate, key) {
        case (nil, nil): return nil
        case (_?, nil):
            throw TLSFlaw("LIBSECURITY_TLS_CERTIFICATE is set and LIBSECURITY_TLS_KEY is not: set both, or none")
        case (nil, _?):
            throw TLSFlaw("LIBSECURITY_TLS_KEY is set and LIBSECURITY_TLS_CERTIFICATE is not: set both, or none")
        case (let certificate?, let key?):
            let chain: [NIOSSLCertificate]
            do {
                chain = try NIOSSLCertificate.fromPEMFile(certificate)
            } catch {
                throw TLSFlaw("LIBSECURITY_TLS_CERTIFICATE: no certificate can be read from \(certificate): \(error)")
            }
            let privateKey: NIOSSLPrivateKey
            do {
                privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            } catch {
                throw TLSFlaw("LIBSECURITY_TLS_KEY: no key can be read from \(key): \(error)")
            }
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
            tls.minimumTLSVersion = .tlsv12
            return tls
        }
    }

    /// A listener for the service itself, with TLS where it is set.
    func listener(
        _ answering: some HTTPAnswering, at socket: ListenSocket, readiness: Readiness, logger: Logger
    ) throws -> any Service {
        let plain = answering.connections(self)
        guard let tls else {
            return Listener(
                socket: socket, connection: plain, most: connections, readiness: readiness, logger: logger)
        }
        return Listener(
            socket: socket, connection: try TLSChannel(plain, tlsConfiguration: tls), most: connections,
            readiness: readiness, logger: logger)
    }

    /// What holds for each connection.
    var channel: HTTP1Channel.Configuration {
        let request = request
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadline(request)], idleTimeout: idle,
            httpDecoderConfiguration: .init(maxHeaderFieldSize: headerBytes, maxHeaderListSize: headerBytes))
    }

    /// Whether the listeners speak TLS.
    var isTLS: Bool { tls != nil }
}

/// What keeps the listeners from speaking TLS as the configuration asks.
struct TLSFlaw: Error, CustomStringConvertible {
    /// One line: the key, the file, and the way out.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
