import NIOCore

/// Accepts no further connection while as many are open as may be; they wait in the system's queue.
final class ConnectionLimit: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private let most: @Sendable () -> Int
    private var count = 0
    private var isWaiting = false

    /// A limit that is asked for before each connection, as another configuration may change it.
    init(_ most: @escaping @Sendable () -> Int) {
        self.most = most
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        count += 1
        let itself = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            itself.value.handler.count -= 1
            itself.value.handler.goOn(itself.value.context)
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        guard count >= most() else { return context.read() }
        guard !isWaiting else { return }
        isWaiting = true
        lookAgain(context)
    }

    /// No connection need end for a limit that is raised.
    private func lookAgain(_ context: ChannelHandlerContext) {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.value.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) {
            self.goOn(context.value)
            if self.isWaiting, context.value.channel.isActive { self.lookAgain(context.value) }
        }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        guard isWaiting, count < most() else { return }
        isWaiting = false
        context.read()
    }
}
