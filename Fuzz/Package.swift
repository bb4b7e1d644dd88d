// swift-tools-version: 6.2
import PackageDescription

// A package of its own: everything in it, the core included, is built with libFuzzer's instrumentation.
// Scripts/fuzz.sh builds and runs it.
// Libraries and not programs: main() is libFuzzer's, and SwiftPM would put its own in its place.
let names = [
    "FuzzPolicy", "FuzzHash", "FuzzWallet", "FuzzBreached", "FuzzAddress", "FuzzStrength", "FuzzMO", "FuzzToken",
    "FuzzSession", "FuzzRemember", "FuzzRecovery",
]
let package = Package(
    name: "Fuzz",
    products: names.map { .library(name: $0, type: .static, targets: [$0]) },
    dependencies: [.package(name: "libsecurity", path: "../")],
    targets: names.map { name in
        .target(
            name: name,
            dependencies: [
                .product(name: "SecurityCore", package: "libsecurity"),
                .product(name: "SecurityTokens", package: "libsecurity"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)])
    },
    cxxLanguageStandard: .cxx17
)
