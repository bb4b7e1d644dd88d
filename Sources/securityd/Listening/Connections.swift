import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Sets connections up by the configuration that holds when they come, certificate and time-outs included, and answers each
/// request of one, in their order. A connection keeps what it began with.
struct Connections<Answering: HTTPAnswering>: ServerChildChannel {
    let answering: Answering
    let holder: SiteHolder
    /// Whether TLS is spoken where the configuration has a certificate.
    let isSecurable: Bool

    /// A connection that is open.
    struct Open: ServerChildChannelValue {
        fileprivate let http: HTTP1Channel
        fileprivate let parts: HTTP1Channel.Value
        var channel: any Channel { parts.channel }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Open> {
        let limits = holder.limits
        let tls = isSecurable ? limits.tls : nil
        let http = http(limits, isTLS: tls != nil)
        return channel.eventLoop.makeCompletedFuture {
            guard let tls else { return }
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.map { parts in
            Open(http: http, parts: parts)
        }
    }

    func handle(value: Open, logger: Logger) async {
        await value.http.handle(value: value.parts, logger: logger)
    }

    private func http(_ limits: ServerLimits, isTLS: Bool) -> HTTP1Channel {
        let answering = answering
        return HTTP1Channel(
            responder: { request, writer, channel in
                try await answering.respond(to: request, writer, over: channel, isTLS: isTLS)
            },
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [RequestDeadline(limits.request)], idleTimeout: limits.idle,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes)))
    }
}
