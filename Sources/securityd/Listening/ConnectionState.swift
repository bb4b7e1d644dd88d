import NIOCore
import NIOHTTPTypes

/// Tells the table of connections whether a connection has a request that arrived whole. One of the reserve that has none soon is closed.
final class ConnectionState: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let table: ConnectionTable
    private var entry: ConnectionTable.Entry?

    /// How long a connection of the reserve may take for its request.
    static let patience = TimeAmount.seconds(1)

    init(_ table: ConnectionTable) {
        self.table = table
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let entry = table.entry(of: context.channel)
        self.entry = entry
        guard let entry, entry.isReserve else { return }
        let channel = context.channel
        context.eventLoop.scheduleTask(in: ConnectionState.patience) {
            if entry.isReserve, !entry.isBusy { channel.close(promise: nil) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { entry?.setBusy(true) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { entry?.setBusy(false) }
        context.write(data, promise: promise)
    }
}
