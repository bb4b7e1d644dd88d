import SecurityHTTP

@main
enum Securityd {
    static func main() {}
}
