import ArgumentParser
import CLibc
import Logging
import SecurityCore
import SecurityHTTP

/// The command line.
@main
struct Securityd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "securityd",
        abstract: "Accounts by browser, mail and link, for the policy of security.toml.",
        discussion:
            "Stays in the foreground. SIGTERM ends it when its requests are answered; SIGHUP reads the configuration anew.",
        version: "securityd \(Release.version)")

    @Option(help: "The configuration file.")
    var config = "/etc/libsecurity/security.toml"

    @Option(
        name: .long, parsing: .singleValue,
        help: """
            HOST:PORT or unix:PATH to listen on; may be given several times. (default: the sockets that systemd holds for \
            the service, else 127.0.0.1:8080)
            """)
    var listen: [ListenAddress] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: "HOST:PORT or unix:PATH to tell Prometheus of the service on, at /metrics. (default: nowhere)")
    var metrics: [ListenAddress] = []

    @Option(
        help: ArgumentHelp(
            "Send a mail to an address, or a text message to a number such as +16505551234, and end.",
            valueName: "recipient"))
    var sendTrial: String?

    @Option(help: "What is logged: errors, from notice on decisions too, from info on requests.")
    var logLevel = LogLevel.info

    mutating func run() async throws {
        Securityd.keepFreedMemory()
        var logger = Logger(label: "securityd") { label in StreamLogHandler.standardError(label: label) }
        logger.logLevel = logLevel.level
        let holder: SiteHolder
        let sockets: Sockets
        do {
            holder = try SiteHolder(file: config, logger: logger)
            if let recipient = sendTrial { return try end(holder.site.sendTrial(to: recipient), recipient) }
            sockets = try Sockets(inherited: InheritedSockets(), listen: listen, metrics: metrics)
        } catch let exit as ExitCode {
            throw exit
        } catch {
            logger.critical("\(error)")
            throw ExitCode(78)
        }
        let service = RunningService(holder: holder, logger: logger)
        try await service.run(sockets)
    }

    /// Compressing a session takes blocks of 128 KiB. By itself glibc would give such blocks back to the system after each
    /// request and take them anew for the next, which costs a third of a sign-in by a cheap hash.
    private static func keepFreedMemory() {
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        mallopt(M_TRIM_THRESHOLD, 1 << 20)
    }

    private func end(_ failure: String?, _ recipient: String) throws {
        guard let failure else { return print("taken for \(recipient)") }
        print("not taken for \(recipient): \(failure)")
        throw ExitCode(1)
    }
}

/// Everything that is listened at.
struct Sockets {
    let service: [ListenSocket]
    let metrics: [ListenSocket]

    /// Sockets of a supervisor and of the command line; the standard address only where neither has one for the service.
    init(inherited: InheritedSockets, listen: [ListenAddress], metrics: [ListenAddress]) {
        let named = inherited.service.map { ListenSocket.inherited($0) } + listen.map { ListenSocket.bound($0) }
        service = named.isEmpty ? [.bound(.standard)] : named
        self.metrics = inherited.metrics.map { ListenSocket.inherited($0) } + metrics.map { ListenSocket.bound($0) }
    }
}

/// How much is logged.
enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case error, notice, info, debug

    var level: Logger.Level {
        switch self {
        case .error: .error
        case .notice: .notice
        case .info: .info
        case .debug: .debug
        }
    }
}
