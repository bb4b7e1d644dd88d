import Logging
import NIOPosix
import SecurityHTTP
import ServiceLifecycle
import UnixSignals

/// The parts of the service, put together.
struct RunningService {
    let holder: SiteHolder
    let logger: Logger

    /// Serves until a signal ends it, and the last requests are answered.
    func run(_ sockets: Sockets) async throws {
        let pools = WorkerPools(queue: holder.limits.queue)
        let supervisor = Supervisor()
        // SIGHUP counts as one: before it is caught, it would end the process.
        let readiness = Readiness(parts: sockets.service.count + sockets.metrics.count + 1)
        let signals: [any Service] = [
            ReloadService(holder: holder, pools: pools, supervisor: supervisor, readiness: readiness),
            StateService(
                supervisor: supervisor, readiness: readiness, holder: holder, pools: pools, logger: logger),
        ]
        // Started in this order, ended in the reverse, one after the other: the listeners after what is told of the end, the worker
        // after the requests whose mails it sends, and the metrics to be seen as long as there is something to see.
        let services =
            watchdog(supervisor) + metrics(sockets, pools, readiness)
            + [
                OutboxService(holder: holder, pools: pools, logger: logger),
                listeners(sockets, pools, readiness),
            ] + signals
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        try await pools.shutDown()
    }

    private func watchdog(_ supervisor: Supervisor) -> [any Service] {
        guard let interval = supervisor.watchdogInterval else { return [] }
        return [
            WatchdogService(
                supervisor: supervisor, interval: interval, loops: MultiThreadedEventLoopGroup.singleton)
        ]
    }

    private func metrics(_ sockets: Sockets, _ pools: WorkerPools, _ readiness: Readiness) -> [any Service] {
        let responder = MetricsResponder(holder: holder, pools: pools, process: ProcessFigures())
        var logger = logger
        logger[metadataKey: "for"] = "metrics"
        return sockets.metrics.map { socket in
            // What scrapes may come from one machine.
            let table = ConnectionTable(most: { RunningService.scrapers }, isShared: { _ in true })
            return Listener(
                socket: socket,
                connection: Connections(answering: responder, holder: holder, table: table, isSecurable: false),
                table: table, readiness: readiness, logger: logger)
        }
    }

    private func listeners(_ sockets: Sockets, _ pools: WorkerPools, _ readiness: Readiness) -> any Service {
        let holder = holder
        let site = SiteResponder(holder: holder, pools: pools, metrics: holder.metrics, logger: logger)
        return JointService(
            parts: sockets.service.map { socket in
                let table = ConnectionTable(
                    most: { holder.limits.connections }, isShared: { holder.site.isListedProxy($0) })
                return Listener(
                    socket: socket,
                    connection: Connections(answering: site, holder: holder, table: table, isSecurable: true),
                    table: table, readiness: readiness, logger: logger)
            })
    }

    /// Connections of a listener for the metrics.
    private static let scrapers = 16
}
