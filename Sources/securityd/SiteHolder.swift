import Logging
import SecurityCore
import SecurityHTTP
import Synchronization

/// The site that answers now. SIGHUP puts another in its place, if that one's configuration is valid.
final class SiteHolder: Sendable {
    let file: String
    /// Of the configuration that the service was started with: listeners are not made anew.
    let limits: ServerLimits
    let metrics = Metrics()
    private let logger: Logger
    private let current: Mutex<Site>

    init(file: String, logger: Logger) throws {
        self.file = file
        self.logger = logger
        let (site, limits) = try SiteHolder.load(file, metrics, logger)
        self.limits = limits
        current = Mutex(site)
    }

    /// The site for one request.
    var site: Site { current.withLock { $0 } }

    /// Reads the configuration anew; the old one stays when the new one is wrong. Whether it was taken.
    func reload() -> Bool {
        do {
            let (site, _) = try SiteHolder.load(file, metrics, logger)
            current.withLock { $0 = site }
            logger.notice("configuration read anew")
            metrics.countReload(isGood: true)
            return true
        } catch {
            logger.error("the configuration stays as it was, because the file is wrong now:\n\(error)")
            metrics.countReload(isGood: false)
            return false
        }
    }

    private static func load(_ file: String, _ metrics: Metrics, _ logger: Logger) throws -> (Site, ServerLimits) {
        let log = SiteLog { level, line, request in
            logger.log(level: level == .error ? .error : .notice, "\(line)", metadata: ["request": "\(request)"])
        }
        let (reading, settings) = try PolicyReader.readAll(file: file)
        guard let policy = reading.policy, let settings else { throw InvalidConfiguration(reading.errors) }
        return (try Site(policy: policy, settings: settings, log: log, metrics: metrics), try ServerLimits(settings))
    }
}
