import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Sets connections up by the configuration that holds when they come, certificate and time-outs included, and answers each
/// request of one, in their order. A connection keeps what it began with.
struct Connections<Answering: HTTPAnswering>: ServerChildChannel {
    let answering: Answering
    let holder: SiteHolder
    let table: ConnectionTable
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
        let (answering, table) = (answering, table)
        return HTTP1Channel(
            responder: { request, writer, channel in
                let mayServe = await Connections.mayServe(request, channel, table)
                try await answering.respond(
                    to: mayServe ? request : nil, writer, over: channel, isTLS: isTLS)
            },
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [RequestDeadline(limits.request), ConnectionState(table)],
                idleTimeout: limits.idle,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes)))
    }

    /// Whether a connection may have its request answered. One of the reserve has only /healthz answered, unless it becomes one of the others
    /// while it waits.
    private static func mayServe(_ request: Request, _ channel: any Channel, _ table: ConnectionTable) async -> Bool {
        guard let entry = table.entry(of: channel), entry.isReserve, request.uri.path != "/healthz" else { return true }
        for _ in 0..<10 where entry.isReserve {
            try? await channel.eventLoop.scheduleTask(in: .milliseconds(100)) {}.futureResult.get()
        }
        return !entry.isReserve
    }
}
