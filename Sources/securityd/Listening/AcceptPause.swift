import Logging
import NIOCore

/// Stops accepting for a moment when accept(2) fails, which it does when descriptors or memory run out.
///
/// NIO asks again at once and for ever, with a whole core; its own `AcceptBackoffHandler` does not keep it from that, as the read
/// that failed stays pending.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let logger: Logger
    private var isPausing = false

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError else {
            context.fireErrorCaught(error)
            return
        }
        guard !isPausing else { return }
        isPausing = true
        logger.error("no connection can be accepted just now: \(error)")
        let channel = context.channel
        channel.setOption(.autoRead, value: false).whenComplete { _ in }
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) {
            self.isPausing = false
            channel.setOption(.autoRead, value: true).whenComplete { _ in }
        }
    }
}
