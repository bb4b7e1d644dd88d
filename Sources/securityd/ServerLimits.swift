import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import SecurityCore

/// What one client may cost (LIBSECURITY_HTTP_*).
struct ServerLimits: Sendable {
    let bodyBytes: Int
    let headerBytes: Int
    let idleSeconds: Int64
    let connections: Int
    /// Requests that wait for a thread of their pool.
    let queue: Int
    private let certificate: String?
    private let key: String?

    init(_ settings: Settings) {
        bodyBytes = settings.integer("LIBSECURITY_HTTP_BODY_MAX") ?? 65_536
        headerBytes = settings.integer("LIBSECURITY_HTTP_HEADER_MAX") ?? 16_384
        idleSeconds = (settings.duration("LIBSECURITY_HTTP_IDLE_TIMEOUT") ?? 30_000_000) / 1_000_000
        connections = settings.integer("LIBSECURITY_HTTP_CONNECTIONS") ?? 1024
        queue = settings.integer("LIBSECURITY_HTTP_QUEUE") ?? 64
        certificate = settings.text("LIBSECURITY_TLS_CERTIFICATE")
        key = settings.text("LIBSECURITY_TLS_KEY")
    }

    /// A listener for the responder.
    func application(
        _ responder: SiteResponder, at address: ListenAddress, logger: Logger
    ) throws -> Application<SiteResponder> {
        Application(
            responder: responder, server: try server(),
            configuration: ApplicationConfiguration(
                address: address.address,
                availableConnectionsDelegate: MaximumAvailableConnections(connections)),
            logger: logger)
    }

    private func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(idleSeconds),
                httpDecoderConfiguration: .init(maxHeaderFieldSize: headerBytes, maxHeaderListSize: headerBytes)))
        guard let certificate, let key else { return plain }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        return try .tls(plain, tlsConfiguration: tls)
    }

    /// Whether the listeners speak TLS.
    var isTLS: Bool { certificate != nil && key != nil }
}
