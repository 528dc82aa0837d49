# Opens the two sockets that Node cannot open but can use, and becomes the command that follows.
#
#   perl sockets.pl <icmp|no-icmp> <interface|no-arp> <command> <argument>...
#
# FAULTLINE_ICMP_FD: an ICMP datagram socket; Node's dgram takes it for UDP and sends and receives echo messages on it.
# FAULTLINE_ARP_FD: a packet socket bound to one interface; a frame written to it goes out as it is.
use strict;
use warnings;
use Socket;

my ($icmp, $interface, @command) = @ARGV;
my ($echo, $frames);
$^F = 255;    # Sockets up to this number are kept over exec.

if ($icmp eq "icmp") {
    if (socket($echo, AF_INET, SOCK_DGRAM, 1)) { $ENV{FAULTLINE_ICMP_FD} = fileno($echo) }
    else { $ENV{FAULTLINE_ICMP_ERROR} = "$!" }
}
if ($interface ne "no-arp") {
    open(my $index, "<", "/sys/class/net/$interface/ifindex") or die "no interface $interface here: $!\n";
    # struct sockaddr_ll: family, protocol (0: it only sends), interface, hardware type, packet type, address length, address.
    my $address = pack('S n i S C C a8', 17, 0, <$index>, 0, 0, 0, '');
    if (socket($frames, 17, SOCK_RAW, 0) && bind($frames, $address)) { $ENV{FAULTLINE_ARP_FD} = fileno($frames) }
    else { $ENV{FAULTLINE_ARP_ERROR} = "$!" }
}
exec { $command[0] } @command or die "$command[0]: $!\n";
