import Logging
import SecurityHTTP
import ServiceLifecycle
import UnixSignals

/// Sends what the outbox holds, until the service ends; what is left then waits for the next start.
struct OutboxService: Service {
    let holder: SiteHolder
    let pools: WorkerPools
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var cleaned: ContinuousClock.Instant?
            while !Task.isCancelled {
                let site = holder.site
                if cleaned.map({ .now - $0 > .seconds(60) }) ?? true {
                    cleaned = .now
                    _ = await pools.run(.light) { site.forgetExpiredMessages() }
                }
                let tried = await pools.run(.light) { site.sendDueMessages() }
                if tried == 0 || tried == nil { try? await Task.sleep(for: .seconds(1)) }
            }
        }
    }
}

/// Reads the configuration anew on SIGHUP.
struct ReloadService: Service {
    let holder: SiteHolder
    let pools: WorkerPools
    let supervisor: Supervisor
    let readiness: Readiness

    func run() async throws {
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        readiness.arrive()
        for await _ in hangUps.cancelOnGracefulShutdown() {
            supervisor.reloading {
                let isTaken = holder.reload()
                guard isTaken else { return "Serving by the old configuration: the new one is wrong, see the log" }
                pools.setQueue(holder.limits.queue)
                return "Serving"
            }
        }
    }
}

/// Services that end together, not one after the other.
struct JointService: Service {
    let parts: [any Service]

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for part in parts { group.addTask { try await part.run() } }
        }
    }
}
