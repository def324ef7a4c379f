import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps extends Omit<React.ComponentProps<"button">, "type"> {
  /** `main` is the one action of a page, `quiet` has no border. */
  readonly tone?: "main" | "plain" | "quiet" | "danger";
  readonly small?: boolean;
  readonly icon?: IconName;
}

/** A button; give `aria-label` when it shows only an icon. */
export function Button({ tone = "plain", small = false, icon, children, className, ...rest }: ButtonProps) {
  const tones = { main: " button-main", plain: "", quiet: " button-quiet", danger: " button-quiet button-danger" };
  const classes = `button${tones[tone]}${small ? " button-small" : ""}${className ? ` ${className}` : ""}`;
  return (
    <button type="button" className={classes} {...rest}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}
