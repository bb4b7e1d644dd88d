// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the peers it measures against (liboath) stay out of the product.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "libsecurity", path: "../")],
    targets: [
        .target(name: "CPeers"),
        .executableTarget(
            name: "BreachedBench",
            dependencies: ["CPeers", .product(name: "SecurityCore", package: "libsecurity")],
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: ["oath", "crypto", "crypt", "argon2", "jansson", "unistring", "m", "stdc++"]
                .map { .linkedLibrary($0) }),
        .executableTarget(
            name: "StrengthBench",
            dependencies: ["CPeers", .product(name: "SecurityCore", package: "libsecurity")],
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: ["oath", "crypto", "crypt", "argon2", "jansson", "unistring", "m", "stdc++"]
                .map { .linkedLibrary($0) }),
        .executableTarget(
            name: "CoreBench",
            dependencies: [
                "CPeers",
                .product(name: "SecurityCore", package: "libsecurity"),
                .product(name: "SecurityStore", package: "libsecurity"),
                .product(name: "SecurityTokens", package: "libsecurity"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)],
            linkerSettings: ["oath", "crypto", "sqlite3", "crypt", "argon2", "jansson", "unistring", "z", "m", "stdc++"]
                .map { .linkedLibrary($0) }),
    ],
    cxxLanguageStandard: .cxx17
)
