import Logging
import SecurityCore
import SecurityHTTP
import Synchronization

/// The site that answers now. SIGHUP puts another in its place, if that one's configuration is valid.
final class SiteHolder: Sendable {
    /// A site, and what a request or a connection to it may cost.
    typealias Current = (site: Site, limits: ServerLimits)

    let file: String
    let metrics = Metrics()
    private let logger: Logger
    private let held: Mutex<Current>

    init(file: String, logger: Logger) throws {
        self.file = file
        self.logger = logger
        held = Mutex(try SiteHolder.load(file, metrics, logger))
    }

    /// For one request.
    var current: Current { held.withLock { $0 } }

    /// The site alone.
    var site: Site { held.withLock { $0.site } }

    /// What holds for a connection.
    var limits: ServerLimits { held.withLock { $0.limits } }

    /// Reads the configuration anew; the old one stays when the new one is wrong. Whether it was taken.
    func reload() -> Bool {
        do {
            let read = try SiteHolder.load(file, metrics, logger)
            held.withLock { $0 = read }
            logger.notice("configuration read anew")
            metrics.countReload(isGood: true)
            return true
        } catch {
            logger.error("the configuration stays as it was, because what it asks for is wrong now:\n\(error)")
            metrics.countReload(isGood: false)
            return false
        }
    }

    private static func load(_ file: String, _ metrics: Metrics, _ logger: Logger) throws -> Current {
        let log = SiteLog { level, line, request in
            logger.log(level: SiteHolder.level(level), "\(line)", metadata: ["request": "\(request)"])
        }
        let (reading, settings) = try PolicyReader.readAll(file: file)
        guard let policy = reading.policy, let settings else { throw InvalidConfiguration(reading.errors) }
        for flaw in reading.diagnostics where flaw.severity == .warning { logger.warning("\(flaw)") }
        return (try Site(policy: policy, settings: settings, log: log, metrics: metrics), try ServerLimits(settings))
    }

    private static func level(_ level: SiteLog.Level) -> Logger.Level {
        switch level {
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
