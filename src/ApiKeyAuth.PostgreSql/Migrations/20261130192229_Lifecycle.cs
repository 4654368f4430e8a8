using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ApiKeyAuth.PostgreSql.Migrations
{
    /// <inheritdoc />
    internal partial class Lifecycle : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ExpiresAfterIdleDays",
                table: "ApiKeyAuthKeys",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "NotBefore",
                table: "ApiKeyAuthKeys",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthKeys_ExpiresAfterIdleDays",
                table: "ApiKeyAuthKeys",
                column: "ExpiresAfterIdleDays");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_ApiKeyAuthKeys_ExpiresAfterIdleDays",
                table: "ApiKeyAuthKeys");

            migrationBuilder.DropColumn(
                name: "ExpiresAfterIdleDays",
                table: "ApiKeyAuthKeys");

            migrationBuilder.DropColumn(
                name: "NotBefore",
                table: "ApiKeyAuthKeys");
        }
    }
}
