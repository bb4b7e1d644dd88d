import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request has not arrived whole in time, however busy it keeps: the idle time-out sees only silence.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let limit: TimeAmount
    private var alarm: Scheduled<Void>?
    private var isArriving = false

    init(_ limit: TimeAmount) {
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isArriving = true
        case .end: stop()
        case .body: break
        }
        context.fireChannelRead(data)
    }

    /// Most requests have arrived whole by now, and need no alarm.
    func channelReadComplete(context: ChannelHandlerContext) {
        if isArriving, alarm == nil {
            let channel = context.channel
            alarm = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func stop() {
        isArriving = false
        alarm?.cancel()
        alarm = nil
    }
}
