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
        let pools = WorkerPools(limits: holder.limits)
        let supervisor = Supervisor()
        // SIGHUP counts as one: before it is caught, it would end the process.
        let readiness = Readiness(parts: sockets.service.count + sockets.metrics.count + 1)
        var services = watchdog(supervisor)
        services += try listeners(sockets, pools, readiness)
        services += [
            OutboxService(holder: holder, pools: pools, logger: logger),
            ReloadService(holder: holder, supervisor: supervisor, readiness: readiness),
            StateService(
                supervisor: supervisor, readiness: readiness, holder: holder, pools: pools, logger: logger),
        ]
        // Started in this order, ended in the reverse.
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

    private func listeners(
        _ sockets: Sockets, _ pools: WorkerPools, _ readiness: Readiness
    ) throws -> [any Service] {
        let limits = holder.limits
        let metrics = MetricsResponder(holder: holder, pools: pools, process: ProcessFigures())
        // The metrics stay to be seen while the service ends.
        var listeners: [any Service] = sockets.metrics.map { socket in
            Listener(
                socket: socket, connection: metrics.connections(limits), most: RunningService.scrapers,
                readiness: readiness, logger: logger)
        }
        let site = SiteResponder(holder: holder, pools: pools, metrics: holder.metrics, logger: logger)
        for socket in sockets.service {
            listeners.append(try limits.listener(site, at: socket, readiness: readiness, logger: logger))
        }
        return listeners
    }

    /// Connections of a listener for the metrics.
    private static let scrapers = 16
}
