import ArgumentParser
import Hummingbird
import Logging
import NIOPosix
import SecurityHTTP
import ServiceLifecycle
import UnixSignals

/// The command line.
@main
struct Securityd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "securityd",
        abstract: "Accounts by browser, mail and link, for the policy of security.toml.",
        discussion:
            "Stays in the foreground. SIGTERM ends it when its requests are answered; SIGHUP reads the configuration anew."
    )

    @Option(help: "The configuration file.")
    var config = "/etc/libsecurity/security.toml"

    @Option(
        name: .long, parsing: .singleValue,
        help: "HOST:PORT or unix:PATH to listen on; may be given several times. (default: 127.0.0.1:8080)")
    var listen: [ListenAddress] = []

    @Option(help: "What is logged: errors, from notice on decisions too, from info on requests.")
    var logLevel = LogLevel.info

    mutating func run() async throws {
        var logger = Logger(label: "securityd") { label in StreamLogHandler.standardError(label: label) }
        logger.logLevel = logLevel.level
        let holder: SiteHolder
        do {
            holder = try SiteHolder(file: config, logger: logger)
        } catch {
            logger.critical("\(error)")
            throw ExitCode(78)
        }
        let pools = WorkerPools(limits: holder.limits)
        let responder = SiteResponder(holder: holder, pools: pools, logger: logger)
        let addresses = listen.isEmpty ? [ListenAddress.standard] : listen
        var services: [any Service] = try addresses.map { address in
            try holder.limits.application(responder, at: address, logger: logger)
        }
        services += [OutboxService(holder: holder, pools: pools, logger: logger), ReloadService(holder: holder)]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        try await pools.shutDown()
    }
}

/// Where to listen.
struct ListenAddress: ExpressibleByArgument, Sendable {
    let address: BindAddress

    static var standard: ListenAddress { ListenAddress(address: .hostname("127.0.0.1", port: 8080)) }

    private init(address: BindAddress) {
        self.address = address
    }

    init?(argument: String) {
        if argument.hasPrefix("unix:") {
            let path = String(argument.dropFirst(5))
            guard path.hasPrefix("/") else { return nil }
            address = .unixDomainSocket(path: path)
            return
        }
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        address = .hostname(host.isEmpty ? "::" : host, port: port)
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
