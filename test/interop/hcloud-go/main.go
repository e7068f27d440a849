// Drives the endpoint in HCLOUD_ENDPOINT with the library that the hcloud CLI, the Terraform provider, the CSI driver and the
// cloud controller are made of. Prints what it saw as JSON; ends with 1 at the first surprise.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
)

var (
	ctx    = context.Background()
	client = hcloud.NewClient(
		hcloud.WithEndpoint(os.Getenv("HCLOUD_ENDPOINT")),
		hcloud.WithToken(os.Getenv("HCLOUD_TOKEN")),
		hcloud.WithPollOpts(hcloud.PollOpts{BackoffFunc: hcloud.ConstantBackoff(20 * time.Millisecond)}),
	)
	seen = map[string]any{}
)

func must[T any](value T, _ *hcloud.Response, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func wait(actions ...*hcloud.Action) {
	check(client.Action.WaitFor(ctx, actions...))
}

func done(action *hcloud.Action, _ *hcloud.Response, err error) {
	check(err)
	wait(action)
}

func refused(what string, err error) {
	if apiError, ok := err.(hcloud.Error); ok {
		seen[what] = apiError.Code
		return
	}
	seen[what] = fmt.Sprint(err)
}

func network(text string) net.IPNet {
	_, parsed, err := net.ParseCIDR(text)
	check(err)
	return *parsed
}

func main() {
	location := must(client.Location.GetByName(ctx, "hel1"))
	cx23 := must(client.ServerType.GetByName(ctx, "cx23"))
	image := must(client.Image.GetByNameAndArchitecture(ctx, "ubuntu-24.04", cx23.Architecture))
	pricing := must(client.Pricing.Get(ctx))
	seen["sold"] = []any{len(must1(client.ServerType.All(ctx))), len(pricing.PrimaryIPs), image.Architecture, cx23.Locations[0].Available}

	key := must(client.SSHKey.Create(ctx, hcloud.SSHKeyCreateOpts{Name: "go", PublicKey: os.Getenv("PUBLIC_KEY")}))
	port := "22"
	made := must(client.Firewall.Create(ctx, hcloud.FirewallCreateOpts{Name: "go-fw", Rules: []hcloud.FirewallRule{{
		Direction: hcloud.FirewallRuleDirectionIn, Protocol: hcloud.FirewallRuleProtocolTCP, Port: &port,
		SourceIPs: []net.IPNet{network("0.0.0.0/0"), network("::/0")},
	}}}))
	wait(made.Actions...)
	firewall := must(client.Firewall.GetByName(ctx, "go-fw"))
	seen["rules"] = []any{len(firewall.Rules), *firewall.Rules[0].Port, firewall.Rules[0].SourceIPs[1].String()}

	volume := must(client.Volume.Create(ctx, hcloud.VolumeCreateOpts{
		Name: "go-data", Size: 10, Location: location, Format: hcloud.Ptr("ext4"), Labels: map[string]string{"by": "go"},
	}))
	wait(volume.Action)
	address := must(client.PrimaryIP.Create(ctx, hcloud.PrimaryIPCreateOpts{
		Name: "go-ip", Type: hcloud.PrimaryIPTypeIPv4, Location: "hel1", AssigneeType: "server",
	})).PrimaryIP

	opts := hcloud.ServerCreateOpts{
		Name: "go-web", ServerType: cx23, Image: image, Location: location, SSHKeys: []*hcloud.SSHKey{key},
		Volumes: []*hcloud.Volume{volume.Volume}, Firewalls: []*hcloud.ServerCreateFirewall{{Firewall: *firewall}},
		UserData: "#cloud-config\n", Labels: map[string]string{"by": "go"},
		PublicNet: &hcloud.ServerCreatePublicNet{EnableIPv4: true, EnableIPv6: true, IPv4: address},
	}
	created := must(client.Server.Create(ctx, opts))
	_, _, err := client.Server.Create(ctx, opts)
	refused("create_twice", err)
	wait(append(created.NextActions, created.Action)...)
	server := must(client.Server.GetByID(ctx, created.Server.ID))
	seen["server"] = []any{server.Status, server.PublicNet.IPv4.IP.Equal(address.IP), server.PublicNet.IPv6.Network.String() != "", len(server.Volumes), server.Locked}
	seen["format"] = *must(client.Volume.GetByName(ctx, "go-data")).Format
	seen["selected"] = len(must1(client.Server.AllWithOpts(ctx, hcloud.ServerListOpts{ListOpts: hcloud.ListOpts{LabelSelector: "by in (go,rust)"}})))
	seen["nobody"] = must(client.Server.GetByName(ctx, "nobody")) == nil

	done(client.Server.Shutdown(ctx, server))
	done(client.Server.Poweroff(ctx, server))
	done(client.Server.ChangeType(ctx, server, hcloud.ServerChangeTypeOpts{ServerType: &hcloud.ServerType{Name: "cx33"}}))
	server = must(client.Server.GetByID(ctx, server.ID))
	seen["changed"] = []any{server.Status, server.ServerType.Name, server.PrimaryDiskSize}
	_, _, err = client.PrimaryIP.Unassign(ctx, address.ID)
	refused("unassign_running", err)
	_, err = client.PrimaryIP.Delete(ctx, address)
	refused("delete_assigned", err)
	snapshot := must(client.Server.CreateImage(ctx, server, &hcloud.ServerCreateImageOpts{Description: hcloud.Ptr("go")}))
	wait(snapshot.Action)
	rebuilt, _, err := client.Server.RebuildWithResult(ctx, server, hcloud.ServerRebuildOpts{Image: image})
	check(err)
	wait(rebuilt.Action)
	done(client.Server.ChangeProtection(ctx, server, hcloud.ServerChangeProtectionOpts{Delete: hcloud.Ptr(true), Rebuild: hcloud.Ptr(true)}))
	_, _, err = client.Server.DeleteWithResult(ctx, server)
	refused("delete_protected", err)
	done(client.Server.ChangeProtection(ctx, server, hcloud.ServerChangeProtectionOpts{Delete: hcloud.Ptr(false), Rebuild: hcloud.Ptr(false)}))
	done(client.Volume.Detach(ctx, volume.Volume))
	done(client.Volume.Attach(ctx, volume.Volume, server))
	done(client.Volume.Resize(ctx, volume.Volume, 30))
	_, err = client.Volume.Delete(ctx, volume.Volume)
	refused("delete_attached", err)
	rules := must(client.Firewall.SetRules(ctx, firewall, hcloud.FirewallSetRulesOpts{}))
	wait(rules...)

	deleted := must(client.Server.DeleteWithResult(ctx, server))
	_, err = client.Firewall.Delete(ctx, firewall)
	refused("firewall_in_use", err)
	wait(deleted.Action)
	seen["gone"] = must(client.Server.GetByID(ctx, server.ID)) == nil
	for _, remove := range []func() error{
		func() error { _, err := client.Volume.Delete(ctx, volume.Volume); return err },
		func() error { _, err := client.Firewall.Delete(ctx, firewall); return err },
		func() error { _, err := client.PrimaryIP.Delete(ctx, address); return err },
		func() error { _, err := client.SSHKey.Delete(ctx, key); return err },
		func() error { _, err := client.Image.Delete(ctx, snapshot.Image); return err },
	} {
		check(remove())
	}
	seen["left"] = []int{
		len(must1(client.Server.All(ctx))), len(must1(client.Volume.All(ctx))), len(must1(client.Firewall.All(ctx))),
		len(must1(client.PrimaryIP.All(ctx))), len(must1(client.Network.All(ctx))), len(must1(client.LoadBalancer.All(ctx))),
		len(must1(client.PlacementGroup.All(ctx))), len(must1(client.FloatingIP.All(ctx))), len(must1(client.Certificate.All(ctx))),
	}
	check(json.NewEncoder(os.Stdout).Encode(seen))
}

func must1[T any](value T, err error) T {
	check(err)
	return value
}
