"""The official Python client against the endpoint in HCLOUD_ENDPOINT. Works with 1.18 (Debian) and with 2.x; prints what it saw as JSON."""
import json
import os
import sys

from hcloud import APIException, Client
from hcloud.firewalls.domain import FirewallRule, FirewallResource
from hcloud.images.domain import Image
from hcloud.locations.domain import Location
from hcloud.server_types.domain import ServerType

client = Client(token=os.environ["HCLOUD_TOKEN"], api_endpoint=os.environ["HCLOUD_ENDPOINT"], poll_interval=0.02)
public_key = os.environ["PUBLIC_KEY"]
seen = {}


def wait(*actions):
    for action in actions:
        action.wait_until_finished()


def refused(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except APIException as error:
        return error.code
    return "not refused"


key = client.ssh_keys.create(name="py", public_key=public_key, labels={"by": "python"})
seen["key_twice"] = refused(client.ssh_keys.create, name="py2", public_key=public_key)
firewall = client.firewalls.create(
    name="py-fw",
    rules=[FirewallRule(direction="in", protocol="tcp", port="22", source_ips=["0.0.0.0/0", "::/0"], destination_ips=[])],
)
wait(*firewall.actions)
volume = client.volumes.create(size=10, name="py-data", format="ext4", location=Location(name="nbg1"))
wait(volume.action, *volume.next_actions)
server = client.servers.create(
    name="py-web",
    server_type=ServerType(name="cx23"),
    image=Image(name="ubuntu-24.04"),
    location=Location(name="nbg1"),
    ssh_keys=[key],
    volumes=[volume.volume],
    firewalls=[firewall.firewall],
    user_data="#cloud-config\n",
    labels={"by": "python"},
)
wait(server.action, *server.next_actions)
web = client.servers.get_by_name("py-web")
seen["server"] = [web.status, web.server_type.name, web.image.name, web.labels, [v.name for v in web.volumes]]
seen["format"] = client.volumes.get_by_name("py-data").format
seen["addresses"] = [web.public_net.ipv4.ip.split(".")[0], web.public_net.ipv6.ip.endswith("/64")]
seen["selected"] = len(client.servers.get_all(label_selector="by=python"))
web.update(name="py-www", labels={"a": "b"})
for name in ["shutdown", "power_off", "power_on", "reboot", "reset"]:
    wait(getattr(web, name)())
wait(web.change_protection(delete=True, rebuild=True))
seen["protected"] = refused(web.delete)
wait(web.change_protection(delete=False, rebuild=False))
rebuilt = web.rebuild(Image(name="debian-12"))
wait(rebuilt.action if hasattr(rebuilt, "action") else rebuilt)
snapshot = web.create_image(description="before", type="snapshot")
wait(snapshot.action)
seen["snapshot"] = client.images.get_by_id(snapshot.image.id).status
wait(volume.volume.detach())
wait(volume.volume.attach(web))
wait(volume.volume.resize(12))
seen["change_type_running"] = refused(web.change_type, ServerType(name="cx33"), upgrade_disk=False)
wait(web.power_off())
wait(web.change_type(ServerType(name="cx33"), upgrade_disk=False))
web.reload()
seen["changed"] = [web.status, web.server_type.name, web.primary_disk_size]
address = client.primary_ips.get_by_id(web.public_net.primary_ipv4.id)
seen["unassign_running"] = refused(address.unassign)
wait(web.power_off())
wait(address.unassign())
address.update(name="py-ip", auto_delete=False)
wait(address.assign(web.id, "server"))
wait(web.power_on())
seen["delete_assigned"] = refused(address.delete)
wait(client.firewalls.set_rules(firewall.firewall, [])[0])
seen["firewall_in_use"] = refused(firewall.firewall.delete)
wait(*client.firewalls.remove_from_resources(firewall.firewall, [FirewallResource(type="server", server=web)]))
wait(web.delete())
for thing in [volume.volume, firewall.firewall, address, key, snapshot.image]:
    thing.delete()
everything = [client.servers, client.volumes, client.firewalls, client.primary_ips, client.ssh_keys, client.networks, client.isos]
seen["left"] = [len(kind.get_all()) for kind in everything]
seen["sold"] = [len(client.locations.get_all()), client.server_types.get_by_name("cax11").cores]
json.dump(seen, sys.stdout)
