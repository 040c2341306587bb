import { Enums, Models, Serialize, Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { PackageURL } from "packageurl-js";
import packageJson from "../../package.json" with { type: "json" };
import { type Architecture, LIBC } from "../root_file_system/libc.ts";
import { type LockedPackage, productPackages } from "./locked_packages.ts";
import type { Source } from "../source.ts";

const SPEC = Spec.Spec1dot6;
const { Application, Framework, Library } = Enums.ComponentType;

/**
 * Lists the components of the binaries and the containers: the packages that are bundled, Bun, and
 * the C library.
 *
 * @param source the commit that was built
 * @returns a CycloneDX 1.6 document in JSON (https://cyclonedx.org/docs/1.6/json/)
 * @throws Error when the document does not fit the standard's schema
 */
export async function billOfMaterials({ commit, date }: Source): Promise<string> {
  const packages = await productPackages();
  const components = new Map(packages.map((locked) => [locked.key, npmComponent(locked)]));
  for (const { key, dependencyKeys } of packages) {
    const { dependencies } = components.get(key)!;
    for (const dependencyKey of dependencyKeys) {
      dependencies.add(components.get(dependencyKey)!.bomRef);
    }
  }
  const platform = [bunComponent(), libcComponent("amd64"), libcComponent("arm64")];
  const direct = Object.keys(packageJson.dependencies).map((name) => components.get(name)!);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({
      timestamp: date,
      component: productComponent(commit, [...direct, ...platform]),
    }),
    components: new Models.ComponentRepository([...components.values(), ...platform]),
  });
  return await serializeValid(bom);
}

async function serializeValid(bom: Models.Bom): Promise<string> {
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(SPEC));
  const text = serializer.serialize(bom, { sortLists: true, space: 2 });
  const errors = await new Validation.JsonStrictValidator(SPEC.version).validate(text);
  if (errors) throw new Error(`the bill of materials is not valid: ${JSON.stringify(errors)}`);
  return `${text}\n`;
}

function productComponent(
  commit: string,
  dependencies: readonly Models.Component[],
): Models.Component {
  const { name, version, license } = packageJson;
  const product = createComponent(Application, { name, version, license });
  product.properties.add(new Models.Property("signway:commit", commit));
  for (const { bomRef } of dependencies) product.dependencies.add(bomRef);
  return product;
}

function npmComponent({ name, version, sha512, license }: LockedPackage): Models.Component {
  const component = createComponent(Library, { name, version, license });
  const [scope, base] = name.startsWith("@") ? name.split("/") : [undefined, name];
  component.purl = new PackageURL("npm", scope, base, version).toString();
  component.hashes.set(Enums.HashAlgorithm["SHA-512"], sha512);
  return component;
}

function bunComponent(): Models.Component {
  const bun = { name: "bun", version: Bun.version, license: "MIT" };
  const component = createComponent(Framework, bun);
  component.purl = new PackageURL("npm", undefined, "bun", Bun.version).toString();
  return component;
}

function libcComponent(arch: Architecture): Models.Component {
  const { name, version, distribution: distro, packages } = LIBC;
  const license = "LGPL-2.1-or-later";
  const component = createComponent(Library, { name, version, license });
  component.bomRef.value = `${name}@${version}:${arch}`;
  component.purl = new PackageURL("deb", "debian", name, version, { arch, distro }).toString();
  component.hashes.set(Enums.HashAlgorithm["SHA-256"], packages[arch]);
  return component;
}

function createComponent(
  type: Enums.ComponentType,
  { name, version, license }: Pick<LockedPackage, "name" | "version" | "license">,
): Models.Component {
  const component = new Models.Component(type, name, { version, bomRef: `${name}@${version}` });
  component.licenses.add(new Models.SpdxLicense(license));
  return component;
}
