import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
import ServiceLifecycle

/// Serves the connections of one socket, until the service ends; then those that are open are served to the end of their request.
///
/// Hummingbird's `Application` binds its sockets itself and knows no inherited ones, so its parts are put together here.
struct Listener<Connection: ServerChildChannel>: Service {
    let socket: ListenSocket
    let connection: Connection
    /// Those that are open; further ones wait in the system's queue.
    let table: ConnectionTable
    let readiness: Readiness
    let logger: Logger

    func run() async throws {
        let loops = MultiThreadedEventLoopGroup.singleton
        let quiescing = ServerQuiescingHelper(group: loops)
        let listening: NIOAsyncChannel<Connection.Value, Never>
        do {
            listening = try await open(bootstrap(loops, quiescing))
        } catch {
            throw ListenFlaw(description: "cannot listen at \(socket): \(error)")
        }
        logger.info(
            "listening", metadata: ["socket": "\(socket)", "port": "\(listening.channel.localAddress?.port ?? 0)"])
        readiness.arrive()
        try await withGracefulShutdownHandler {
            try await accept(listening)
        } onGracefulShutdown: {
            quiescing.initiateShutdown(promise: nil)
        }
    }

    /// Returns when the socket is closed and its last connection has ended.
    private func accept(_ listening: NIOAsyncChannel<Connection.Value, Never>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listening.executeThenClose { connections in
                for try await value in connections {
                    group.addTask(executorPreference: LoopExecutor(value.channel.eventLoop)) {
                        await connection.handle(value: value, logger: logger)
                    }
                }
            }
        }
    }

    private func bootstrap(_ loops: any EventLoopGroup, _ quiescing: ServerQuiescingHelper) -> ServerBootstrap {
        let table = table
        return ServerBootstrap(group: loops)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // One at a time: the limit on connections is looked at before each.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(AcceptPause(logger: logger))
                    try pipeline.addHandler(ConnectionLimit(table))
                    try pipeline.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
    }

    private func open(_ bootstrap: ServerBootstrap) async throws -> NIOAsyncChannel<Connection.Value, Never> {
        let prepare: @Sendable (any Channel) -> EventLoopFuture<Connection.Value> = { channel in
            connection.setup(channel: channel, logger: logger)
        }
        switch socket {
        case .inherited(let descriptor): return try await bootstrap.bind(descriptor, childChannelInitializer: prepare)
        case .bound(let address):
            switch address.target {
            case .host(let host, let port):
                return try await bootstrap.bind(host: host, port: port, childChannelInitializer: prepare)
            case .path(let path):
                return try await bootstrap.bind(
                    unixDomainSocketPath: path, cleanupExistingSocketFile: true, childChannelInitializer: prepare)
            }
        }
    }
}

/// What keeps the service from listening.
struct ListenFlaw: Error, CustomStringConvertible {
    /// One line: where, and why not.
    let description: String
}
