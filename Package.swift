// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Two builds of one tree. Ordinary: securityctl and the tests. Embedded (LSEC_EMBEDDED=1): libsecurity.so and
// pam_security.so without the Swift runtime, with their link flags.
let embedded = Context.environment["LSEC_EMBEDDED"] != nil

/// The toolchain's folder of Embedded Swift libraries, found through `swiftc` in PATH.
func embeddedLibraries() -> String {
    let folders = (Context.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in folders {
        let compiler = URL(fileURLWithPath: folder).appendingPathComponent("swiftc")
        guard FileManager.default.isExecutableFile(atPath: compiler.path) else { continue }
        let bin = compiler.resolvingSymlinksInPath().deletingLastPathComponent()
        #if arch(arm64)
        let triple = "aarch64-unknown-linux-gnu"
        #else
        let triple = "x86_64-unknown-linux-gnu"
        #endif
        return bin.deletingLastPathComponent().appendingPathComponent("lib/swift/embedded/\(triple)").path
    }
    return "/usr/lib/swift/embedded"
}

let swiftSettings: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
    + (embedded
        ? [
            .enableExperimentalFeature("Embedded"),
            // Without the last flag a module is compiled again in each that imports it, and the array literals of a function
            // may be numbered in another order there: the linker then takes one for another (Swift 6.3.1;
            // Scripts/same-literals.py).
            .unsafeFlags([
                "-wmo", "-Osize", "-Xfrontend", "-function-sections", "-Xfrontend",
                "-enable-single-module-llvm-emission",
            ]),
        ]
        : [])

let cLibraries = ["crypto", "sqlite3", "crypt", "argon2", "jansson", "unistring", "m"]
let ordinaryLinks: [LinkerSetting] = (cLibraries + ["stdc++"]).map { .linkedLibrary($0) }

/// Link flags of a library that host programs load: only the names of the map are exported, nothing is unmapped
/// while a host may still call back, and the C++ runtime of the TOML reader is inside and hidden.
func moduleLinks(map: String, soname: String?, also: [String] = []) -> [LinkerSetting] {
    guard embedded else { return ordinaryLinks + also.map { .linkedLibrary($0) } }
    let root = Context.packageDirectory
    var flags = ["-use-ld=lld", "-Xlinker", "--version-script=\(root)/\(map)"]
    for option in ["nodelete", "relro", "now", "defs", "noexecstack"] {
        flags += ["-Xlinker", "-z", "-Xlinker", option]
    }
    if let soname { flags += ["-Xlinker", "-soname=\(soname)"] }
    flags += ["-Xlinker", "--gc-sections", "-Xlinker", "-l:libstdc++.a", "-Xlinker", "--exclude-libs=ALL"]
    flags += [embeddedLibraries() + "/libswiftUnicodeDataTables.a"]
    return (cLibraries + also).map { .linkedLibrary($0) } + [.unsafeFlags(flags)]
}

/// Link flags of a program: bound at once, with tables that are read-only afterwards, and no name exported but `main`. (RUNPATH is
/// left out by --disable-local-rpath, and PIE is SwiftPM's own.) No test links these targets.
func programLinks(_ libraries: [String]) -> [LinkerSetting] {
    var flags = ["-use-ld=lld"]
    for option in ["relro", "now", "noexecstack"] { flags += ["-Xlinker", "-z", "-Xlinker", option] }
    flags += [
        "-Xlinker", "--exclude-libs=ALL", "-Xlinker",
        "--version-script=\(Context.packageDirectory)/Scripts/program.map",
    ]
    return ordinaryLinks + libraries.map { .linkedLibrary($0) } + [.unsafeFlags(flags)]
}

var targets: [Target] = [
    .systemLibrary(name: "CLibSecurity", path: "Include"),
    .systemLibrary(name: "CLibc"),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CCrypt"),
    .systemLibrary(name: "CArgon2"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CJansson"),
    .systemLibrary(name: "CZlib"),
    .target(name: "CUnistring"),
    .target(name: "CIDNA"),
    // Its operator new and delete wipe; hidden, they replace nobody else's.
    .target(
        name: "CTOML",
        cxxSettings: [
            .unsafeFlags([
                "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-fvisibility-global-new-delete=force-hidden",
            ])
        ]),
    .target(name: "CPAM", linkerSettings: [.linkedLibrary("pam")]),
    .target(
        name: "SecurityCore",
        dependencies: ["CLibc", "CCrypto", "CCrypt", "CArgon2", "CJansson", "CUnistring", "CIDNA", "CTOML"],
        swiftSettings: swiftSettings),
    // Of its own, so that pam_security.so, which reads no tokens, does not load zlib.
    .target(name: "SecurityTokens", dependencies: ["SecurityCore", "CLibc", "CZlib"], swiftSettings: swiftSettings),
    .target(
        name: "SecurityStore", dependencies: ["SecurityCore", "CLibc", "CSQLite"], swiftSettings: swiftSettings),
    .target(
        name: "LibSecurity",
        dependencies: ["CLibSecurity", "CLibc", "SecurityCore", "SecurityStore", "SecurityTokens"],
        swiftSettings: swiftSettings,
        linkerSettings: moduleLinks(map: "Include/libsecurity.map", soname: "libsecurity.so.1", also: ["z"])),
    .target(
        name: "PAMSecurity", dependencies: ["CPAM", "CLibc", "SecurityCore", "SecurityStore"],
        swiftSettings: swiftSettings),
    .target(
        name: "PAMModule", dependencies: ["CPAM", "PAMSecurity"], swiftSettings: swiftSettings,
        linkerSettings: moduleLinks(map: "pam/pam_security.map", soname: nil)),
]
var dependencies: [Package.Dependency] = []
var products: [Product] = [
    .library(name: "security", type: .dynamic, targets: ["LibSecurity"]),
    .library(name: "pam_security", type: .dynamic, targets: ["PAMModule"]),
]

if !embedded {
    dependencies += [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ]
    products.append(.executable(name: "securityd", targets: ["securityd"]))
    products.append(.executable(name: "securityctl", targets: ["securityctl"]))
    products.append(.library(name: "SecurityCore", targets: ["SecurityCore"]))
    products.append(.library(name: "SecurityStore", targets: ["SecurityStore"]))
    products.append(.library(name: "SecurityTokens", targets: ["SecurityTokens"]))
    targets += [
        .systemLibrary(name: "CQRencode"),
        .systemLibrary(name: "CUnix"),
        .systemLibrary(name: "CCurl"),
        .target(name: "CResolver"),
        .target(name: "CPhoneNumber"),
        .target(
            name: "SecurityNetwork", dependencies: ["SecurityCore", "CCurl", "CResolver"], swiftSettings: swiftSettings),
        .target(name: "SecurityPhones", dependencies: ["SecurityCore", "CPhoneNumber"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "securityctl",
            dependencies: [
                "CLibc", "CUnix", "CQRencode", "SecurityCore", "SecurityStore", "SecurityTokens", "SecurityNetwork",
                "SecurityPhones",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings,
            linkerSettings: programLinks(["qrencode", "curl", "resolv", "phonenumber", "z"])),
        // The service without its sockets: requests in, answers out.
        .target(
            name: "SecurityHTTP",
            dependencies: [
                "CLibc", "SecurityCore", "SecurityStore", "SecurityTokens", "SecurityNetwork", "SecurityPhones",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "securityd",
            dependencies: [
                "CLibc", "CUnix", "SecurityCore", "SecurityStore", "SecurityTokens", "SecurityHTTP", "SecurityNetwork",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swiftSettings,
            linkerSettings: programLinks(["curl", "resolv", "phonenumber", "z"])),
        // Signs for Tests/Interop what no product signs yet; not installed.
        .executableTarget(
            name: "state-writer", dependencies: ["SecurityCore", "SecurityTokens", "CLibc"],
            path: "Tests/Interop/Writer",
            swiftSettings: swiftSettings, linkerSettings: ordinaryLinks + [.linkedLibrary("z")]),
        .testTarget(
            name: "SecurityHTTPTests",
            dependencies: ["SecurityHTTP", "SecurityStore", "SecurityTokens", "SecurityCore", "CLibc"],
            swiftSettings: swiftSettings,
            linkerSettings: ordinaryLinks + ["curl", "resolv", "phonenumber", "z"].map { .linkedLibrary($0) }),
        .testTarget(
            name: "SecurityCoreTests", dependencies: ["SecurityCore", "CLibc"], swiftSettings: swiftSettings,
            linkerSettings: ordinaryLinks),
        .testTarget(
            name: "SecurityNetworkTests", dependencies: ["SecurityNetwork", "SecurityCore"],
            exclude: ["range_server.py", "dns_server.py", "smtp_server.py"], swiftSettings: swiftSettings,
            linkerSettings: ordinaryLinks + [.linkedLibrary("curl"), .linkedLibrary("resolv")]),
        .testTarget(
            name: "SecurityPhonesTests", dependencies: ["SecurityPhones", "SecurityCore"], swiftSettings: swiftSettings,
            linkerSettings: ordinaryLinks + [.linkedLibrary("phonenumber")]),
        .testTarget(
            name: "SecurityTokensTests", dependencies: ["SecurityTokens", "SecurityCore"],
            swiftSettings: swiftSettings, linkerSettings: ordinaryLinks + [.linkedLibrary("z")]),
        .testTarget(
            name: "SecurityStoreTests",
            dependencies: ["SecurityStore", "SecurityTokens", "SecurityCore", "CSQLite", "CLibc"],
            swiftSettings: swiftSettings, linkerSettings: ordinaryLinks + [.linkedLibrary("z")]),
        .testTarget(
            name: "PAMSecurityTests",
            dependencies: ["PAMSecurity", "SecurityStore", "SecurityCore", "CPAM", "CSQLite", "CLibc"],
            swiftSettings: swiftSettings, linkerSettings: ordinaryLinks),
    ]
}

let package = Package(
    name: "libsecurity",
    products: products,
    dependencies: dependencies,
    targets: targets,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
