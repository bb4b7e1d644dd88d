import Logging
import NIOCore
import SecurityHTTP
import ServiceLifecycle

/// Says when the service is ready, and when its end begins. The last of the services, because the end begins with the last.
struct StateService: Service {
    let supervisor: Supervisor
    let readiness: Readiness
    let holder: SiteHolder
    let pools: WorkerPools
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard await readiness.wait(), await databaseOpens() else { return }
            supervisor.ready()
            logger.notice("ready")
            try? await gracefulShutdown()
        }
        supervisor.stopping()
    }

    private enum Probe {
        case read
        case failed(String)
    }

    /// Waits for the account database, for as long as the supervisor lets it; whether it came.
    private func databaseOpens() async -> Bool {
        var isSaid = false
        while !Task.isCancelled {
            switch await probe() {
            case .read: return true
            case .failed(let reason) where !isSaid:
                isSaid = true
                logger.error("the account database cannot be read: \(reason)")
                supervisor.waits(for: "the account database")
            case .failed: break
            }
            try? await Task.sleep(for: .seconds(1))
        }
        return false
    }

    private func probe() async -> Probe {
        let site = holder.site
        let probe = await pools.run(.light) { () -> Probe in
            do {
                try site.probe()
                return .read
            } catch {
                return .failed("\(error)")
            }
        }
        return probe ?? .failed("too many requests at once")
    }
}

/// Lets the supervisor see that the process lives: its tasks run, and its event loops turn. The first of the services, so that it
/// goes on while the last requests are answered.
struct WatchdogService: Service {
    let supervisor: Supervisor
    let interval: Duration
    let loops: any EventLoopGroup

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for loop in loops.makeIterator() { try await loop.submit {}.get() }
                supervisor.alive()
                try? await Task.sleep(for: interval)
            }
        }
    }
}
