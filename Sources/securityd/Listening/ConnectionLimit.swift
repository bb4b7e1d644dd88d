import NIOCore

/// Accepts no further connection while as many are open as may be; they wait in the system's queue.
final class ConnectionLimit: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private let table: ConnectionTable
    private var isWaiting = false
    /// Connections that are turned away and not closed yet.
    private var held = 0
    private static let mostHeld = 1024

    /// A limit by a table, whose numbers another configuration may change.
    init(_ table: ConnectionTable) {
        self.table = table
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        guard table.open(channel) else { return turnAway(channel, context.eventLoop) }
        let itself = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let table = table
        channel.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            table.closed(channel)
            itself.value.handler.goOn(itself.value.context)
        }
        context.fireChannelRead(data)
    }

    /// Closes a connection for which there is no place, after a second: who is closed at once comes again at once, and a flood of those
    /// would keep the loop busy.
    private func turnAway(_ channel: any Channel, _ loop: any EventLoop) {
        guard held < ConnectionLimit.mostHeld else { return channel.close(promise: nil) }
        held += 1
        loop.assumeIsolated().scheduleTask(in: .seconds(1)) {
            self.held -= 1
            channel.close(promise: nil)
        }
    }

    func read(context: ChannelHandlerContext) {
        guard !table.hasRoom else { return context.read() }
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
        guard isWaiting, table.hasRoom else { return }
        isWaiting = false
        context.read()
    }
}
