import ArgumentParser
import SecurityCore

/// Where to listen, as the command line has it: `HOST:PORT`, or `unix:` and an absolute path.
struct ListenAddress: ExpressibleByArgument, CustomStringConvertible, Sendable {
    /// An address to bind.
    enum Target: Sendable {
        case host(String, port: Int)
        case path(String)
    }

    let target: Target
    let description: String

    static var standard: ListenAddress { ListenAddress(.host("127.0.0.1", port: 8080), "127.0.0.1:8080") }

    private init(_ target: Target, _ description: String) {
        self.target = target
        self.description = description
    }

    init?(argument: String) {
        let text = ByteText(argument)
        if let path = text.dropping(prefix: "unix:") {
            guard path.has(prefix: "/") else { return nil }
            self.init(.path(path.string), argument)
            return
        }
        guard let (front, behind) = text.cutLast(at: 0x3A), let port = Int(behind.string), (0...65535).contains(port)
        else { return nil }
        let host = front.dropping(prefix: "[")?.dropping(suffix: "]") ?? front
        self.init(.host(host.isEmpty ? "::" : host.string, port: port), argument)
    }
}

/// A socket that connections come from.
enum ListenSocket: CustomStringConvertible, Sendable {
    /// One that is bound here.
    case bound(ListenAddress)
    /// One that somebody else bound, and listens at.
    case inherited(Int32)

    var description: String {
        switch self {
        case .bound(let address): "\(address)"
        case .inherited(let descriptor): "descriptor \(descriptor)"
        }
    }
}
